// Lints the schema on stdin by @graphql-eslint's recommended rules for schemas and for Relay; prints what is wrong.
import { readFileSync } from "node:fs";
import graphql from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";

const { options = {}, schema } = JSON.parse(readFileSync(0, "utf8"));
const rules = { ...graphql.configs["flat/schema-recommended"].rules, ...graphql.configs["flat/schema-relay"].rules };
for (const [name, given] of Object.entries(options)) rules[`@graphql-eslint/${name}`] = given;
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ["**/*.graphql"],
      languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
      plugins: { "@graphql-eslint": graphql },
      rules,
    },
  ],
});
const [{ messages }] = await eslint.lintText(schema, { filePath: "schema.graphql" });
console.log(JSON.stringify(messages.map(({ ruleId, line, message }) => ({ rule: ruleId, line, message }))));
