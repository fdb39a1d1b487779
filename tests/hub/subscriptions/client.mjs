// Subscribes with the protocol's own client, prints the first answer and leaves.
const [protocol, url] = process.argv.slice(2);
const query = "subscription { catalogChanges { entryId action } }";
const client =
  protocol === "ws"
    ? (await import("graphql-ws")).createClient({ url, webSocketImpl: (await import("ws")).default, retryAttempts: 0 })
    : (await import("graphql-sse")).createClient({ url, retryAttempts: 0 });
const heard = [];
for await (const answer of client.iterate({ query })) {
  heard.push(answer);
  break;
}
console.log(JSON.stringify(heard));
client.dispose();
