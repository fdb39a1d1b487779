// Composes the subgraphs on stdin with both composers; prints the supergraphs, or what is wrong.
import { readFileSync } from "node:fs";
import { composeServices as byApollo } from "@apollo/composition";
import { composeServices as byGuild } from "@theguild/federation-composition";
import { parse } from "graphql";

const subgraphs = JSON.parse(readFileSync(0, "utf8")).map(({ sdl, ...rest }) => ({ ...rest, typeDefs: parse(sdl) }));
const told = ({ errors, hints, supergraphSdl }) => ({
  errors: (errors ?? []).map((error) => error.message),
  hints: (hints ?? []).map((hint) => hint.message),
  supergraph: supergraphSdl ?? null,
});
console.log(JSON.stringify({ apollo: told(byApollo(subgraphs)), guild: told(byGuild(subgraphs)) }));
