// graphql-request, by POST and by GET.
import { GraphQLClient } from "graphql-request";
import { ADDRESS, PAGE, VARIABLES, WRONG, tell } from "./operations.mjs";

const posted = await new GraphQLClient(ADDRESS).request(PAGE, VARIABLES);
const got = await new GraphQLClient(ADDRESS, { method: "GET", jsonSerializer: JSON }).request(PAGE, VARIABLES);
const wrong = await new GraphQLClient(ADDRESS).request(WRONG, { key: "1" }).catch((error) => error);
tell({ data: [posted, got], errors: [null, null], code: wrong.response.errors[0].extensions.code });
