import { escapeHtml } from "../core/escape-html";
import { pageStyle } from "../report/page-style";

/** A page for readers behind a hospital's walls: no script at all, nothing is loaded, nothing can be sent. @param body HTML */
export function plainPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title><style>${pageStyle}</style></head>
<body><main>${body}</main></body></html>
`;
}
