// Scripts that are run in other people's pages: plain JavaScript, as browsers take it. `npm run lint` runs it from the root.
import globals from "globals";

const MISTAKES = [
  "no-undef", "no-const-assign", "no-dupe-keys", "no-dupe-args", "no-duplicate-case", "no-unreachable", "no-fallthrough",
  "no-redeclare", "no-self-assign", "no-sparse-arrays", "no-unsafe-finally", "no-unsafe-optional-chaining", "no-cond-assign",
  "no-constant-condition", "no-constant-binary-expression", "no-empty-pattern", "no-invalid-regexp", "no-misleading-character-class",
  "no-prototype-builtins", "use-isnan", "valid-typeof", "getter-return", "require-yield", "no-useless-catch", "no-useless-escape",
  "no-var", "prefer-const", "no-shadow", "eqeqeq", "no-eval", "no-implied-eval", "no-loss-of-precision", "no-global-assign",
];

export default [
  {
    languageOptions: { globals: globals.browser, sourceType: "script" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { ...Object.fromEntries(MISTAKES.map((rule) => [rule, "error"])), "no-unused-vars": ["error", { caughtErrors: "none" }] },
  },
];
