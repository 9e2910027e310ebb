import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shortTypeName, serviceOfUri, versionOfSchemaUri } from "./names.ts";

describe("names", () => {
  for (const [name, expected] of [
    ["com.acme.OrderPlaced", "OrderPlaced"],
    ["com.acme.Orders$OrderPlaced", "OrderPlaced"],
    ["Acme.Events+OrderPlaced, Acme, Version=1.0.0.0", "OrderPlaced"],
    ["urn:message:Acme:OrderPlaced", "OrderPlaced"],
    ["Acme.Wrapper`1[[Acme.OrderPlaced]]", "Wrapper"],
    ["order.placed", "order.placed"],
    ["java.util.HashMap", null],
    ["System.String", null],
    ["", null],
  ] as const)
    it(`type ${name} → ${expected}`, () => assert.equal(shortTypeName(name), expected));
  for (const [uri, expected] of [
    ["/services/orders", "orders"],
    ["https://orders.acme.example/", "orders.acme.example"],
    ["https://acme.example/orders?x=/y", "orders"],
    ["urn:acme:orders", "orders"],
    ["orders", "orders"],
    ["/orders/17", "orders"],
    ["/orders/5b2f6c1e-5b1c-4a1e-9a55-1c2d3e4f5a6b/", "orders"],
    ["loopback://localhost/", "localhost"],
    ["/", null],
    ["", null],
  ] as const)
    it(`source ${uri} → ${expected}`, () => assert.equal(serviceOfUri(uri), expected));
  for (const [uri, expected] of [
    ["https://s.example/customer.updated/2", "2"],
    ["https://s.example/v2.1", "2.1"],
    ["urn:schema:order:3", "3"],
    ["https://s.example/order", null],
  ] as const)
    it(`schema ${uri} → ${expected}`, () => assert.equal(versionOfSchemaUri(uri), expected));
});
