import type { TypedDocumentString } from "./gql/graphql.js";

/** What the hub says is wrong: `code` is for programs (docs/errors.md), the message for people. */
export class HubError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

interface Answer<Data> {
  data?: Data;
  errors?: { message: string; extensions: { code: string } }[];
}

/** Ask the hub; the answer's type is that of the operation. */
export async function ask<Data, Variables>(
  address: string,
  operation: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: operation.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as Answer<Data>;
  const error = errors?.[0];
  if (error) throw new HubError(error.message, error.extensions.code);
  if (!data) throw new HubError("The hub answered without data.", String(response.status));
  return data;
}
