// A second subgraph: a portal that adds appointments to the hub's services. Prints its port when it listens.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { graphql, parse } from "graphql";

const APPOINTMENTS = JSON.parse(process.env.APPOINTMENTS);
const whole = (one) => ({
  ...one,
  place: { ars: one.ars },
  authority: { entryId: one.entryId },
  service: { leikaKey: one.leikaKey },
});
const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync(new URL("portal.graphql", import.meta.url), "utf8")),
  resolvers: {
    Query: { freeAppointments: (_, { city }) => APPOINTMENTS.filter((one) => one.city === city).map(whole) },
    Service: {
      __resolveReference: (reference) => reference,
      appointments: ({ leikaKey }, { first }) =>
        APPOINTMENTS.filter((one) => one.leikaKey === leikaKey).slice(0, first).map(whole),
    },
    Authority: { __resolveReference: (reference) => reference, waitingMinutes: () => 12 },
    Appointment: { __resolveReference: ({ id }) => APPOINTMENTS.filter((one) => one.id === id).map(whole)[0] },
  },
});

const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  const { query, variables, operationName } = JSON.parse(body);
  const result = await graphql({ schema, source: query, variableValues: variables, operationName });
  response.setHeader("content-type", "application/json").end(JSON.stringify(result));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
