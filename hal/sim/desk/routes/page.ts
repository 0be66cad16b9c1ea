/** The one page. Its three files are part of the desk; nothing is loaded from elsewhere. */
import type { Answer, Route } from "../http/router.ts";

export interface PageFiles {
  readonly html: string;
  readonly css: string;
  readonly script: string;
}

const file = (path: string, type: string, bytes: string): Route => ({
  method: "GET",
  path,
  answer: (_request, response): Answer => {
    response.setHeader(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'",
    );
    return { kind: "bytes", type: `${type}; charset=utf-8`, bytes };
  },
});

export const pageRoutes = ({ html, css, script }: PageFiles): readonly Route[] => [
  file("/", "text/html", html),
  file("/page.css", "text/css", css),
  file("/page.js", "text/javascript", script),
];
