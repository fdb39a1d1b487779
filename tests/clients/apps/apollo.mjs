// Apollo Client with a normalised cache: entities are kept by `__typename` and `id`.
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { ADDRESS, PAGE, VARIABLES, WRONG, tell } from "./operations.mjs";

const client = (useGETForQueries) =>
  new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: ADDRESS, useGETForQueries }) });
const ask = (one) => one.query({ query: gql(PAGE), variables: VARIABLES });
const posting = client(false);
const posted = await ask(posting);
const got = await ask(client(true));
const wrong = await posting.query({ query: gql(WRONG), variables: { key: "1" } }).catch((error) => error);
tell({
  data: [posted.data, got.data],
  errors: [posted.error?.message ?? null, got.error?.message ?? null],
  kept: Object.keys(posting.cache.extract()).sort(),
  code: CombinedGraphQLErrors.is(wrong) ? wrong.errors[0].extensions.code : String(wrong),
});
