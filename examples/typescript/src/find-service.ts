// node dist/find-service.js Personalausweis 35578: who does it there, and where one starts.
import { ask } from "./ask.js";
import { graphql } from "./gql/index.js";

const Place = graphql(`
  query Place($postcode: Postcode!) {
    areas(postcode: $postcode, first: 1) {
      edges {
        node {
          ars
          name
        }
      }
    }
  }
`);

const FindService = graphql(`
  query FindService($words: String!, $area: Ars!) {
    services(query: $words, area: $area, first: 1) {
      edges {
        node {
          leikaKey
          title
          responsibilities(area: $area, role: COMPETENT_AUTHORITY) {
            explanation
            authority {
              name
            }
          }
          onlineServices(area: $area) {
            startUrl
          }
        }
      }
    }
  }
`);

const [words = "Personalausweis", postcode = "35578"] = process.argv.slice(2);
const address = process.env.HUB_GRAPH ?? "http://127.0.0.1:8000/graphql";

const place = (await ask(address, Place, { postcode })).areas.edges[0]?.node;
if (!place) throw new Error(`There is no place with the postcode ${postcode}.`);
const service = (await ask(address, FindService, { words, area: place.ars })).services.edges[0]?.node;
if (!service) throw new Error(`Nothing was found for ${words}.`);
console.log(`${service.title} (${service.leikaKey}) in ${place.name}`);
for (const { authority, explanation } of service.responsibilities) console.log(`- ${authority.name}: ${explanation}`);
for (const { startUrl } of service.onlineServices) console.log(`- online: ${startUrl ?? "no address"}`);
