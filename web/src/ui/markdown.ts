import DOMPurify from "dompurify";
import { Marked, Renderer, type TokenizerAndRendererExtension } from "marked";

/** `[3]` and `[1][2]` cite sources; a link `[3](…)` does not. */
const citation: TokenizerAndRendererExtension = {
  name: "citation",
  level: "inline",
  start: (text) => text.search(/\[\d{1,2}\]/),
  tokenizer(text) {
    const found = /^\[(\d{1,2})\](?![(:])/.exec(text);
    return found ? { type: "citation", raw: found[0], n: found[1] } : undefined;
  },
  renderer: (token) => `<button type="button" class="cite" data-source="${token.n}" aria-label="Source ${token.n}">${token.n}</button>`,
};

/** Markup in the text of a model is shown, not obeyed. */
const shown = (text: string) => text.replace(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`);

/** What is too wide is scrolled on its own, by keyboard too. */
const marked = new Marked({
  gfm: true,
  breaks: true,
  extensions: [citation],
  renderer: {
    html: (token) => shown(token.text),
    image: (token) => shown(token.text || token.href),
    code: ({ text }) => `<div class="code"><button type="button" class="quiet copy">Copy</button><pre tabindex="0"><code>${shown(text)}</code></pre></div>`,
    table(token) {
      return `<div class="wide" tabindex="0">${Renderer.prototype.table.call(this, token)}</div>`;
    },
  },
});

const purify = DOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A" && node.hasAttribute("href")) {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  }
});

const SAFE = {
  ALLOWED_TAGS: [
    "a", "b", "blockquote", "br", "button", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "kbd", "li", "ol", "p", "pre", "s", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["href", "class", "data-source", "aria-label", "type", "start", "align", "tabindex"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
};

/** The blocks of a Markdown text, so that only the last one changes while it is being written. */
export function blocks(text: string): string[] {
  return marked.lexer(text).map((token) => token.raw);
}

/** One block as HTML that cannot do harm: no scripts, no handlers, no images, no styles. */
export function render(block: string): string {
  return purify.sanitize(marked.parse(block, { async: false }), SAFE);
}
