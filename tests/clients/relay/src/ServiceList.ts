// A list that goes on, a part that is read again by its id, and a part by interface: what Relay asks of a schema.
import { graphql } from "relay-runtime";

export const query = graphql`
  query ServiceListQuery($words: String!, $area: Ars!) {
    ...ServiceList_services @arguments(words: $words, area: $area)
  }
`;

export const list = graphql`
  fragment ServiceList_services on Query
  @refetchable(queryName: "ServiceListPaginationQuery")
  @argumentDefinitions(
    words: { type: "String!" }
    area: { type: "Ars!" }
    count: { type: "Int", defaultValue: 10 }
    cursor: { type: "String" }
  ) {
    services(query: $words, area: $area, first: $count, after: $cursor)
      @connection(key: "ServiceList_services") {
      edges {
        node {
          id
          ...ServiceList_service @arguments(area: $area)
        }
      }
    }
  }
`;

export const one = graphql`
  fragment ServiceList_service on Service
  @refetchable(queryName: "ServiceListServiceRefetchQuery")
  @argumentDefinitions(area: { type: "Ars!" }) {
    title
    responsibilities(area: $area) {
      role
      authority {
        ...ServiceList_node
      }
    }
  }
`;

export const node = graphql`
  fragment ServiceList_node on Node {
    __typename
    id
  }
`;
