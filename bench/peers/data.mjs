// The peers' data: one statement a relation for all objects of a turn (DataLoader), prepared, over a small pool.
import DataLoader from "dataloader";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: 8 });
pool.on("connect", (client) => client.query("SET search_path = peers"));
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;
const LENGTHS = [12, 9, 5, 3, 2, 0];

/** The key of a place: its digits without the zeros below its level. */
export const keyOf = (ars) =>
  ars.slice(0, [...LENGTHS].reverse().find((length) => /^0*$/.test(ars.slice(length))) ?? 12);
export const above = (key) => LENGTHS.filter((length) => length <= key.length).map((length) => key.slice(0, length));

const STATEMENTS = {
  total: "SELECT count(*)::int AS total FROM hit WHERE asked = $1",
  hits: "SELECT leika_key FROM hit WHERE asked = $1 ORDER BY position LIMIT $2",
  suggestions: "SELECT text, leika_key FROM suggestion WHERE prefix = $1 ORDER BY position",
  places: "SELECT area.* FROM place JOIN area ON area.key = place.area WHERE asked = $1 ORDER BY position",
  services: "SELECT * FROM service WHERE leika_key = ANY($1)",
  areas: "SELECT * FROM area WHERE ars = ANY($1)",
  authorities: "SELECT * FROM authority WHERE entry_id = ANY($1)",
  onlineServices: "SELECT * FROM online_service WHERE entry_id = ANY($1)",
  descriptions: `SELECT * FROM description WHERE leika_key = ANY($1) AND area = ANY($2)
    ORDER BY leika_key, length(area) DESC`,
  modules: "SELECT * FROM text_module WHERE description = ANY($1) ORDER BY code, ordinal",
  modulesOfKinds: `SELECT * FROM text_module WHERE description = ANY($1) AND kind = ANY($2)
    ORDER BY code, ordinal`,
  rules: `SELECT * FROM (
      SELECT rule.leika_key, rule.role, rule.number, area.ars, area.name AS area_name, area.level,
        authority.id AS authority_id, authority.entry_id, authority.name,
        rank() OVER (PARTITION BY rule.leika_key, rule.role ORDER BY length(rule.area) DESC) AS place
      FROM rule JOIN area ON area.key = rule.area JOIN authority ON authority.number = rule.owner
      WHERE rule.leika_key = ANY($1) AND rule.area = ANY($2) AND rule.role <> 'ONLINE') AS found
    WHERE place = 1 ORDER BY number`,
  offers: `SELECT * FROM (
      SELECT rule.leika_key, rule.number, area.level, online_service.*,
        rank() OVER (PARTITION BY rule.leika_key ORDER BY length(rule.area) DESC) AS place
      FROM rule JOIN area ON area.key = rule.area JOIN online_service ON online_service.number = rule.owner
      WHERE rule.leika_key = ANY($1) AND rule.area = ANY($2) AND rule.role = 'ONLINE') AS found
    WHERE place = 1 ORDER BY 2`,
};
const run = (name, ...values) => rows(name, STATEMENTS[name], values);

const grouped = (keys, found, column) => {
  const groups = new Map(keys.map((key) => [key, []]));
  for (const row of found) groups.get(row[column]).push(row);
  return keys.map((key) => groups.get(key));
};
const one = (name, column) =>
  new DataLoader(async (keys) => {
    const found = new Map((await run(name, keys)).map((row) => [row[column], row]));
    return keys.map((key) => found.get(key) ?? null);
  });

/** What one request reads; a relation at a place is a loader of that place. */
export class Loaders {
  services = one("services", "leika_key");
  areas = one("areas", "ars");
  authorities = one("authorities", "entry_id");
  onlineServices = one("onlineServices", "entry_id");
  #atPlace = new Map();

  #at(name, area) {
    const key = `${name} ${area}`;
    if (!this.#atPlace.has(key)) {
      const places = above(keyOf(area));
      const load = async (keys) => grouped(keys, await run(name, keys, places), "leika_key");
      this.#atPlace.set(key, new DataLoader(load));
    }
    return this.#atPlace.get(key);
  }
  descriptions(area) {
    return this.#at("descriptions", area);
  }
  rules(area) {
    return this.#at("rules", area);
  }
  offers(area) {
    return this.#at("offers", area);
  }
  modules(kinds) {
    const key = `modules ${kinds}`;
    if (!this.#atPlace.has(key)) {
      const read = (numbers) => (kinds ? run("modulesOfKinds", numbers, kinds) : run("modules", numbers));
      this.#atPlace.set(key, new DataLoader(async (keys) => grouped(keys, await read(keys), "description")));
    }
    return this.#atPlace.get(key);
  }
  hits = async (asked, first) => Promise.all([run("total", asked), run("hits", asked, first)]);
  suggestions = (prefix) => run("suggestions", prefix);
  places = (asked) => run("places", asked);
}
