// A subscription and a query over graphql-ws and over graphql-sse; says "ready", then tells the first change of each.
import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";
import { ADDRESS, CHANGES, PAGE, VARIABLES, tell } from "./operations.mjs";

const first = (client, query, variables) =>
  new Promise((resolve, reject) => {
    const stop = client.subscribe(
      { query, variables },
      { next: (result) => (resolve(result), stop()), error: reject, complete: () => {} },
    );
  });
const clients = [
  createWs({ url: ADDRESS.replace("http", "ws"), webSocketImpl: WebSocket }),
  createSse({ url: ADDRESS }),
];
const data = [];
for (const client of clients) data.push((await first(client, PAGE, VARIABLES)).data);
const changes = clients.map((client) => first(client, CHANGES));
console.error("ready");
tell({ data, changes: (await Promise.all(changes)).map((result) => result.data.catalogChanges) });
process.exit(0);
