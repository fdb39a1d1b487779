// Runs all audits of graphql-http against an address and prints what each came to.
import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
const told = [];
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const found = await audit.fn();
  told.push({ id: audit.id, name: audit.name, status: found.status, reason: found.reason ?? null });
}
console.log(JSON.stringify(told));
