// Starts the explorer with the options that the page carries: no code stands in the page itself.
const options = JSON.parse(document.querySelector('meta[name="explorer"]').content);
window.AltairGraphQL.init({ ...options, endpointURL: new URL("/graphql", location.origin).href });
