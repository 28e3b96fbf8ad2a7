// What each role is for, in one line.

export type RoleName = "viewer" | "producer" | "scraper" | "operator" | "admin";

export interface RoleLook {
  readonly name: RoleName;
  readonly hint: string;
  /** What it includes; the server adds these by itself. */
  readonly implies: readonly RoleName[];
}

export const ROLES: readonly RoleLook[] = [
  { name: "viewer", hint: "Watches panes", implies: [] },
  { name: "producer", hint: "Puts a screen or a script's page on the wall", implies: [] },
  { name: "scraper", hint: "Runs jobs that fetch public pages", implies: [] },
  { name: "operator", hint: "Opens, drives, shares and closes panes", implies: ["viewer", "scraper"] },
  { name: "admin", hint: "Makes tokens and changes settings", implies: ["viewer", "producer", "scraper", "operator"] },
];

const byName = new Map<string, RoleLook>(ROLES.map((role) => [role.name, role]));

export const roleHint = (role: string): string => byName.get(role)?.hint ?? "";

/** Without those that another one of them includes: "admin" says it all. */
export function foremost(roles: readonly string[]): string[] {
  const implied = new Set(roles.flatMap((role) => byName.get(role)?.implies ?? []));
  return roles.filter((role) => !implied.has(role as RoleName));
}
