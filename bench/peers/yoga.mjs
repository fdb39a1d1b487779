// graphql-yoga as it comes, without explorer and log: node yoga.mjs PORT
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { Loaders } from "./data.mjs";
import { resolvers, typeDefs } from "./graph.mjs";

const { _Entity, ...others } = resolvers;
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: { ...others, _Entity: { __resolveType: _Entity.__resolveType } } }),
  context: () => ({ loaders: new Loaders() }),
  graphiql: false,
  landingPage: false,
  logging: "error",
});
createServer(yoga).listen(Number(process.argv[2]), "127.0.0.1");
