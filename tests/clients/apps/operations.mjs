// What every client asks, so that their answers can be compared.
export const [, , ADDRESS] = process.argv;
export const PAGE = `query Page($key: LeikaKey!, $area: Ars!) {
  service(leikaKey: $key) { id leikaKey title responsibilities(area: $area) { id role authority { id name } } }
}`;
export const VARIABLES = { key: "99008001012000", area: "065320023023" };
export const WRONG = `query Wrong($key: LeikaKey!) { service(leikaKey: $key) { title } }`;
export const CHANGES = `subscription Changes { catalogChanges { action entryId entry { id } } }`;
// Caches ask for `__typename` too; it is left out where answers are compared.
export const tell = (told) =>
  console.log(JSON.stringify(told, (key, value) => (key === "__typename" ? undefined : value)));
