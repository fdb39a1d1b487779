import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  // A running hub's address does as well: http://127.0.0.1:8000/graphql
  schema: process.env.HUB_SCHEMA ?? "../../schema/schema.graphql",
  documents: ["src/**/*.ts", "!src/gql/**"],
  generates: {
    "./src/gql/": {
      preset: "client",
      config: {
        documentMode: "string",
        emitLegacyCommonJSImports: false,
        enumsAsTypes: true,
        strictScalars: true,
        useTypeImports: true,
        scalars: {
          Ars: "string",
          ChangeCursor: "string",
          Date: "string",
          DateTime: "string",
          Decimal: "string",
          EntryId: "string",
          Language: "string",
          LeikaKey: "string",
          Postcode: "string",
          URL: "string",
          _Any: "unknown",
        },
      },
    },
  },
};

export default config;
