// Apollo's gateway over the supergraph on stdin. Prints its port when it listens; ends with the test that started it.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { ApolloGateway } from "@apollo/gateway";
import { getOperationAST, parse, validate } from "graphql";

const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(0, "utf8"), logger: quiet });
const { schema, executor } = await gateway.load();
const cache = { get: async () => undefined, set: async () => {}, delete: async () => true };

async function answer({ query, variables = {}, operationName }) {
  const document = parse(query);
  const errors = validate(schema, document);
  if (errors.length) return { errors };
  const operation = getOperationAST(document, operationName);
  const request = { query, variables, operationName };
  const context = { request, document, operation, operationName, schema, cache, logger: quiet, context: {} };
  return executor({ ...context, queryHash: query, source: query, metrics: {} });
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  const result = await answer(JSON.parse(body));
  response.setHeader("content-type", "application/json").end(JSON.stringify(result));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
