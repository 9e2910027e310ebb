import { z } from "zod";

export const Role = z.enum(["viewer", "operator"]);
/** POST /api/session */
export const SignInInput = z.object({ token: z.string().min(1).max(500) });
/** GET /api/session */
export const SessionView = z
  .object({ name: z.string(), role: Role, demo: z.boolean(), version: z.string() })
  .meta({ id: "Session" });

const DemoFault = z.object({ name: z.string(), title: z.string(), on: z.boolean() });
export const DemoFaultsView = z.object({ faults: z.array(DemoFault) }).meta({ id: "DemoFaults" });
export const DemoFaultInput = z.object({ on: z.boolean() });

export type Role = z.infer<typeof Role>;
export type SessionView = z.infer<typeof SessionView>;
export type DemoFaultsView = z.infer<typeof DemoFaultsView>;
