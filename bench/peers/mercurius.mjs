// mercurius with graphql-jit from the first request on: node mercurius.mjs PORT
import Fastify from "fastify";
import mercurius from "mercurius";
import { Loaders } from "./data.mjs";
import { resolvers, typeDefs } from "./graph.mjs";

const { _Entity, ...others } = resolvers;
const app = Fastify();
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: { ...others, _Entity: { resolveType: _Entity.resolveType } },
  context: () => ({ loaders: new Loaders() }),
  jit: 1,
});
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
