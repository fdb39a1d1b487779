// The part of the hub's graph that is measured, over the peers' data; types as the hub has them.
import { keyOf } from "./data.mjs";

export const typeDefs = `
  scalar _Any
  scalar Ars
  scalar DateTime
  scalar EntryId
  scalar Language
  scalar LeikaKey
  scalar Postcode
  scalar URL
  enum Audience { CITIZEN BUSINESS ADMINISTRATION }
  enum AreaLevel { COUNTRY STATE REGION DISTRICT ASSOCIATION MUNICIPALITY }
  enum AssuranceLevel { NONE LOW SUBSTANTIAL HIGH }
  enum ResponsibilityRole { COMPETENT_AUTHORITY CONTACT_POINT }
  enum TextModuleKind { NAME TITLE SHORT_TEXT FULL_TEXT LEGAL_BASES REQUIRED_DOCUMENTS PREREQUISITES PROCEDURE FORMS
    FURTHER_INFORMATION NOTES AUTHOR COMPETENT_AUTHORITY CONTACT_POINT TEASER REMEDIES OTHER }
  union _Entity = Area | Authority | OnlineService | Service
  type Query {
    services(query: String, area: Ars, first: Int, after: String): ServiceConnection!
    service(leikaKey: LeikaKey!): Service
    areas(query: String, postcode: Postcode, first: Int): AreaConnection!
    suggestions(prefix: String!, first: Int = 8): [Suggestion!]!
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type ServiceConnection { totalCount: Int! edges: [ServiceEdge!]! }
  type ServiceEdge { node: Service! }
  type AreaConnection { totalCount: Int! edges: [AreaEdge!]! }
  type AreaEdge { node: Area! }
  type Area { ars: Ars! name: String! level: AreaLevel! }
  type Suggestion { text: String! service: Service! }
  type RegulatoryType { code: String! label: String! }
  type Source { name: String! }
  type Provenance { entryId: EntryId! version: String level: AreaLevel! inherited: Boolean! changedAt: DateTime source: Source! }
  type TextModule { kind: TextModuleKind! code: String! html: String! text: String! language: Language! }
  type ServiceDescription { title: String! language: Language! machineTranslated: Boolean!
    modules(kinds: [TextModuleKind!]): [TextModule!]! provenance: Provenance! }
  type Authority { id: ID! entryId: EntryId! name: String! }
  type OnlineService { entryId: EntryId! name: String requiredAssurance: AssuranceLevel }
  type Responsibility { role: ResponsibilityRole! matchedLevel: AreaLevel! authority: Authority! area: Area! }
  type OnlineServiceOffer { matchedLevel: AreaLevel! startUrl: URL onlineService: OnlineService! }
  type Service { id: ID! leikaKey: LeikaKey! title: String! audiences: [Audience!]! regulatoryTypes: [RegulatoryType!]!
    description(area: Ars): ServiceDescription
    responsibilities(area: Ars!, role: ResponsibilityRole): [Responsibility!]!
    onlineServices(area: Ars!): [OnlineServiceOffer!]!
    requiredAssurance(area: Ars): AssuranceLevel }
`;
const LEVELS = { 0: "COUNTRY", 2: "STATE", 3: "REGION", 5: "DISTRICT", 9: "ASSOCIATION", 12: "MUNICIPALITY" };
const key = (service) => service.leika_key;
const ENTITIES = {
  Service: (loaders, { leikaKey }) => loaders.services.load(leikaKey),
  Area: (loaders, { ars }) => loaders.areas.load(ars),
  Authority: (loaders, { entryId }) => loaders.authorities.load(entryId),
  OnlineService: (loaders, { entryId }) => loaders.onlineServices.load(entryId),
};

export const resolvers = {
  Query: {
    services: async (_, { query, first }, { loaders }) => {
      const [[{ total }], found] = await loaders.hits(query, first);
      const nodes = await loaders.services.loadMany(found.map(key));
      return { totalCount: total, edges: nodes.map((node) => ({ node })) };
    },
    service: (_, { leikaKey }, { loaders }) => loaders.services.load(leikaKey),
    areas: async (_, { query, postcode }, { loaders }) => {
      const found = await loaders.places(postcode ?? query);
      return { totalCount: found.length, edges: found.map((node) => ({ node })) };
    },
    suggestions: async (_, { prefix }, { loaders }) => loaders.suggestions(prefix),
    _entities: (_, { representations }, { loaders }) =>
      Promise.all(
        representations.map(async (one) => {
          const found = await ENTITIES[one.__typename](loaders, one);
          return found && { ...found, __typename: one.__typename };
        }),
      ),
  },
  _Entity: { __resolveType: ({ __typename }) => __typename, resolveType: ({ __typename }) => __typename },
  Suggestion: { service: (found, _, { loaders }) => loaders.services.load(found.leika_key) },
  Service: {
    leikaKey: key,
    regulatoryTypes: (service) => service.regulatory_types,
    description: async (service, { area }, { loaders }) => {
      const layers = await loaders.descriptions(area).load(key(service));
      return layers.length ? { layers, place: keyOf(area), ...layers[0] } : null;
    },
    responsibilities: async (service, { area, role }, { loaders }) => {
      const found = await loaders.rules(area).load(key(service));
      return role ? found.filter((rule) => rule.role === role) : found;
    },
    onlineServices: async (service, { area }, { loaders }) => {
      const found = await loaders.offers(area).load(key(service));
      return found.map((offer) => ({ ...offer, place: area }));
    },
    requiredAssurance: async (service, { area }, { loaders }) => {
      const offers = await loaders.offers(area).load(key(service));
      const layers = await loaders.descriptions(area).load(key(service));
      return [...offers, ...layers].map((one) => one.required_assurance).find((level) => level !== null) ?? null;
    },
  },
  ServiceDescription: {
    machineTranslated: (description) => description.machine_translated,
    modules: async (description, { kinds }, { loaders }) => {
      const found = await loaders.modules(kinds).loadMany(description.layers.map(({ number }) => number));
      const chosen = new Map();
      for (const layer of found) for (const row of layer) if (!chosen.has(row.code)) chosen.set(row.code, row);
      return [...chosen.values()];
    },
    provenance: (description) => description,
  },
  Provenance: {
    entryId: (description) => description.entry_id,
    level: (description) => LEVELS[description.area.length],
    inherited: (description) => description.area.length < description.place.length,
    changedAt: (description) => description.changed_at,
    source: (description) => ({ name: description.source }),
  },
  Responsibility: {
    matchedLevel: (rule) => rule.level,
    authority: (rule) => ({ id: rule.authority_id, entry_id: rule.entry_id, name: rule.name }),
    area: (rule) => ({ ars: rule.ars, name: rule.area_name, level: rule.level }),
  },
  OnlineServiceOffer: {
    matchedLevel: (offer) => offer.level,
    startUrl: (offer) =>
      offer.url?.replace("{leistungsschluessel}", offer.leika_key).replace("{ars}", offer.place) ?? null,
    onlineService: (offer) => offer,
  },
  Authority: { entryId: (authority) => authority.entry_id },
  OnlineService: {
    entryId: (online) => online.entry_id,
    requiredAssurance: (online) => online.required_assurance,
  },
};
