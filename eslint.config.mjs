// The rules for the pages' JavaScript; types are checked by tsc (tsconfig.json).
import js from "@eslint/js";
import globals from "globals";

/** Ways to put text into a page as markup: what a person or a file wrote must never become an element. */
const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe"];

export default [
  { ignores: ["node_modules/", ".venv/", "build/", "dist/"] },
  js.configs.recommended,
  {
    files: ["trainer/**/*.js"],
    languageOptions: { sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-var": "error",
      "prefer-const": "error",
      "no-shadow": "error",
      "no-implicit-coercion": "error",
      "no-throw-literal": "error",
      "no-promise-executor-return": "error",
      "no-unmodified-loop-condition": "error",
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-param-reassign": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "array-callback-return": "error",
      "default-case-last": "error",
      "object-shorthand": "error",
      "prefer-template": "error",
      "no-restricted-properties": ["error", ...MARKUP.map((property) => ({ property, message: "Use textContent or elements." }))],
    },
  },
  {
    files: ["trainer/web/static/link.js"],
    languageOptions: { globals: globals.worker },
  },
];
