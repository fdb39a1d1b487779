// @urql/core with its default exchanges: POST and GET, and a subscription over graphql-ws.
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { ADDRESS, PAGE, VARIABLES, WRONG, tell } from "./operations.mjs";

const client = (more) => new Client({ url: ADDRESS, exchanges: [cacheExchange, fetchExchange], ...more });
const posted = await client({ preferGetMethod: false }).query(PAGE, VARIABLES).toPromise();
const got = await client({ preferGetMethod: "force" }).query(PAGE, VARIABLES).toPromise();
const wrong = await client({ preferGetMethod: false }).query(WRONG, { key: "1" }).toPromise();
tell({
  data: [posted.data, got.data],
  errors: [posted.error, got.error].map((error) => error?.message ?? null),
  code: wrong.error.graphQLErrors[0].extensions.code,
});
