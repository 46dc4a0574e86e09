// A question box for other sites' pages, in one file:
//   <script src="https://your.host/widget.js" data-collection="iscm" defer></script>
// It works under a strict Content-Security-Policy: no inline style, no inline script, no HTML made
// of text. It sets no cookie, sends none, and stores nothing.
"use strict";

(() => {
  const script = document.currentScript;
  const home = new URL(".", script?.src ?? document.baseURI);
  const NAME = "citewell-ask";
  const SETTINGS = ["server", "collection", "key", "label", "placeholder", "passages", "as-of"];
  const LONGEST_WAIT_MS = 60000;

  const ABSTENTIONS = {
    no_evidence: "The collection does not answer this: nothing near the question was found.",
    premise_not_in_collection:
      "The question assumes something that the collection does not say.",
    unreadable_pages: "The pages that may answer this question could not be read.",
  };

  const alternatives = (names) =>
    names.length > 1 ? `${names.slice(0, -1).join(", ")} or ${names.at(-1)}` : names[0];

  const FOUNDED = { established: "was established", launched: "was launched", began: "began" };
  const DIFFERS = {
    count: (what) => `the number of ${what}`,
    list: (what) => `the list of ${what}`,
    date: (what) => `the year in which it ${FOUNDED[what] ?? what}`,
  };

  const CSS = `
    :host {
      color-scheme: light dark;
      --paper: var(--citewell-paper, #ffffff);
      --ink: var(--citewell-ink, #1f2328);
      --faint: var(--citewell-faint, #59616b);
      --line: var(--citewell-line, #8a8f96);
      --accent: var(--citewell-accent, #1d5c63);
      --on-accent: var(--citewell-on-accent, #ffffff);
      display: block;
      container-type: inline-size;
      max-width: 44rem;
      font: 1rem/1.55 var(--citewell-font, system-ui, -apple-system, "Segoe UI", sans-serif);
      text-align: start;
      overflow-wrap: anywhere;
    }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    .box {
      padding: 1rem;
      color: var(--ink);
      background: var(--paper);
      border: 1px solid var(--line);
      border-radius: .5rem;
    }
    label { display: block; margin: 0 0 .375rem; font-weight: 600; }
    .field { display: flex; gap: .5rem; }
    textarea, button { font: inherit; border-radius: .375rem; min-height: 2.75rem; }
    textarea {
      flex: 1;
      min-width: 0;
      padding: .5rem .625rem;
      color: inherit;
      background: transparent;
      border: 1px solid var(--line);
      resize: vertical;
      field-sizing: content;
    }
    button {
      padding: .5rem 1rem;
      color: var(--on-accent);
      background: var(--accent);
      border: 1px solid var(--accent);
      cursor: pointer;
    }
    button[aria-disabled="true"] { opacity: .65; cursor: progress; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    h2 { margin: 1rem 0 .5rem; font-size: 1.0625rem; line-height: 1.3; }
    h2:focus { outline: none; }
    p { margin: 0 0 .625rem; }
    .status { margin: 0; color: var(--faint); } /* always there: a region that appears is not read */
    .status:not(:empty) { margin-top: .625rem; }
    .faint { color: var(--faint); font-size: .875rem; }
    a { color: var(--accent); text-underline-offset: .15em; }
    .number { font-size: .8125rem; font-weight: 600; vertical-align: .25em; padding: 0 .2em; }
    ol { margin: 0; padding: 0; list-style: none; }
    li { padding: .625rem 0; border-top: 1px solid var(--line); }
    li:focus { outline: 3px solid var(--accent); outline-offset: 2px; }
    blockquote { margin: .25rem 0 .375rem; padding-inline-start: .75rem;
      border-inline-start: 3px solid var(--accent); }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; }
    @container (max-width: 24rem) {
      .field { flex-direction: column; }
      textarea { width: 100%; flex: none; }
    }
    @media (prefers-color-scheme: dark) {
      :host {
        --paper: var(--citewell-paper, #1d2125);
        --ink: var(--citewell-ink, #e7e6e2);
        --faint: var(--citewell-faint, #a5adb6);
        --line: var(--citewell-line, #7b838c);
        --accent: var(--citewell-accent, #7cc7cf);
        --on-accent: var(--citewell-on-accent, #0e2124);
      }
    }
  `;

  // A sheet that is adopted is no inline style, so `style-src` may forbid those.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children); // texts become text, whatever they hold
    return element;
  }

  function place(spans) {
    const first = spans[0];
    const last = spans[spans.length - 1];
    const shown = (name) =>
      first.page === last.page ? `${first[name]}` : `${first[name]}–${last[name]}`;
    const word = first.page === last.page ? "page" : "pages";
    const [labels, numbers] = [shown("label"), shown("page")];
    return labels === numbers ? `${word} ${numbers}` : `${word} ${labels} (${numbers} in the file)`;
  }

  // 12 May 2025, May 2025, 2025; what is no date (a time) stays as it is.
  function saidDate(text) {
    const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text);
    if (!found) return text;
    const shown = { year: "numeric", ...(found[2] && { month: "long" }), ...(found[3] && { day: "numeric" }) };
    return new Intl.DateTimeFormat("en-GB", { ...shown, timeZone: "UTC" }).format(new Date(text));
  }

  function pagePath(passage) {
    const first = passage.spans[0];
    const marks = passage.spans
      .filter((span) => span.page === first.page)
      .map((span) => `highlight=${span.start}-${span.end}`);
    return `documents/${encodeURIComponent(passage.doc_id)}/pages/${first.page}?${marks.join("&")}`;
  }

  // The quote with the words that answer by themselves made strong; places count code points.
  function quoted(citation) {
    const span = citation.answer_span;
    if (!span) return [citation.quote];
    const letters = [...citation.quote];
    const part = (start, end) => letters.slice(start, end).join("");
    return [part(0, span.start), make("strong", {}, part(span.start, span.end)), part(span.end)];
  }

  class CitewellAsk extends HTMLElement {
    #asking = null;
    #field;
    #button;
    #status;
    #result;

    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      const label = make("label", { for: "question" }, this.#setting("label", "Ask the reports"));
      this.#field = make("textarea", {
        id: "question", rows: "1", autocomplete: "off", enterkeyhint: "search",
        maxlength: "2000", placeholder: this.#setting("placeholder", "A question in plain words"),
      });
      this.#button = make("button", { type: "submit" }, "Ask");
      this.#status = make("p", { class: "status", role: "status" });
      this.#result = make("div", { class: "result" });
      const field = make("div", { class: "field" }, this.#field, this.#button);
      const form = make("form", { role: "search", novalidate: "" }, label, field, this.#status);
      root.append(make("div", { class: "box", lang: "en" }, form, this.#result));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.ask(this.#field.value);
      });
      // The field has several lines so that a long question is seen whole; Enter still asks.
      this.#field.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          form.requestSubmit();
        }
      });
      root.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.#asking) this.#asking.abort();
      });
    }

    disconnectedCallback() {
      this.#asking?.abort();
    }

    // Ask from the page's own script: await element.ask("…"). Resolves when the answer is shown.
    async ask(text) {
      const question = text.trim();
      this.#field.value = text;
      if (!question) {
        this.#say("Write a question first.");
        this.#field.focus();
        return;
      }
      this.#asking?.abort();
      const mine = (this.#asking = new AbortController());
      const tooLong = setTimeout(() => mine.abort("late"), LONGEST_WAIT_MS);
      this.#say("Reading the reports…");
      this.#result.setAttribute("aria-busy", "true");
      this.#button.setAttribute("aria-disabled", "true");
      try {
        this.#show(await this.#answer(question, mine.signal));
        this.#say("");
        this.#result.querySelector("h2").focus({ preventScroll: true });
      } catch (error) {
        if (this.#asking !== mine) return; // another question is under way
        this.#result.replaceChildren();
        this.#say(mine.signal.aborted ? stopped(mine.signal.reason) : error.message);
      } finally {
        clearTimeout(tooLong);
        if (this.#asking === mine) {
          this.#asking = null;
          this.#result.removeAttribute("aria-busy");
          this.#button.removeAttribute("aria-disabled");
        }
      }
    }

    #setting(name, otherwise) {
      return this.getAttribute(name) || otherwise;
    }

    get #server() {
      return new URL(this.#setting("server", home.href).replace(/\/*$/, "/"), document.baseURI);
    }

    // On a page of the server itself, where the visitor may be signed in: the page's own token.
    get #proof() {
      const token = document.querySelector("meta[name=csrf]")?.content;
      return token && this.#server.origin === location.origin ? { "X-CSRF-Token": token } : {};
    }

    #say(text) {
      this.#status.textContent = text;
    }

    async #answer(question, signal) {
      const collection = this.#setting("collection", "");
      const key = this.#setting("key", "");
      const passages = Number(this.#setting("passages", "5")) || 5;
      const filters = collection ? [`collection=${collection}`] : [];
      let response;
      try {
        response = await fetch(new URL("v1/ask", this.#server), {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "application/json",
            ...(key ? { Authorization: `Bearer ${key}` } : this.#proof) },
          body: JSON.stringify({ question, passages, filters, as_of: this.#setting("as-of", null) }),
          credentials: "same-origin", // of which there are none but a password that the visitor typed
          referrerPolicy: "no-referrer",
          cache: "no-store",
          signal,
        });
      } catch (error) {
        if (signal.aborted) throw error;
        throw new Error("The service cannot be reached. Please try again later.");
      }
      const said = await response.json().catch(() => ({}));
      if (response.ok) return said;
      throw new Error(refusal(response, said));
    }

    #show(answer) {
      const hasQuotes = answer.status !== "abstained";
      const sure = answer.status === "answered";
      const asked = answer.reason !== "no_question";
      const title = sure ? "Answer" : hasQuotes ? "Not sure" : asked ? "No answer found" : "What the collection holds";
      const parts = [make("h2", { tabindex: "-1" }, title)];
      const moment = answer.receipt.parameters.request?.as_of;
      if (moment) parts.push(make("p", { class: "faint" }, `As of ${saidDate(moment)}`));
      if (hasQuotes) {
        if (!sure) {
          const likely = typeof answer.confidence === "number"
            ? ` (${Math.round(100 * answer.confidence)}% likely)` : "";
          parts.push(make("p", {}, `These quotes may answer${likely}:`));
        }
        for (const statement of answer.statements) {
          const links = statement.citations.flatMap((number) => [" ", this.#numberLink(number)]);
          parts.push(make("p", { dir: "auto" }, `“${statement.text}”`, ...links));
        }
        if (answer.unanswered_parts?.length)
          parts.push(make("p", {}, `No quote clearly answers: ${answer.unanswered_parts.map((part) => `“${part}”`).join(" ")}`));
        parts.push(...this.#conflicts(answer));
        parts.push(make("h2", {}, "Sources"));
        parts.push(make("ol", { role: "list" },
          ...answer.citations.map((each) => this.#source(each, quoted(each), each.number))));
        if (sure && typeof answer.confidence === "number")
          parts.push(make("p", { class: "faint" },
            `Confidence that this answers the question: ${Math.round(100 * answer.confidence)}\u00a0%`));
      } else {
        const why = asked
          ? ABSTENTIONS[answer.reason] ?? "The collection does not answer this question."
          : answer.answer;
        const absent = (answer.absent_names ?? []).map((name) => `“${name}”`);
        const missing = absent.length ? ` No passage mentions ${alternatives(absent)}.` : "";
        const near = answer.passages.slice(0, 3);
        const nearest = near.length ? " The nearest passages:" : "";
        parts.push(make("p", {}, why + missing + nearest));
        parts.push(make("ol", { role: "list" }, ...near.map((each) => this.#source(each, [each.text]))));
      }
      this.#result.replaceChildren(...parts);
    }

    // Both sides of what sources give differently; a side that the answer cites is only named.
    #conflicts(answer) {
      const cited = new Set(answer.citations.map((each) => each.number));
      return answer.conflicts.flatMap(({ kind, subject, attribute, sides }) => [
        make("h2", {}, "Sources disagree"),
        make("p", { dir: "auto" }, `${subject}: ${DIFFERS[kind](attribute)} differs. The newest comes first.`),
        make("ol", { role: "list" }, ...sides.map(({ value, date, citation }) => {
          const of = date ? ` in a document of ${saidDate(date)}` : " in a document without a date";
          const head = make("p", {}, make("strong", {}, value), make("span", { class: "faint" }, of));
          const { number } = citation;
          if (cited.has(number)) {
            head.append(" ", this.#numberLink(number));
            return make("li", {}, head);
          }
          const item = this.#source(citation, quoted(citation), number);
          item.prepend(head);
          return item;
        })),
      ]);
    }

    #numberLink(number) {
      const link = make("a", { class: "number", href: `#citewell-${number}`,
        "aria-label": `Citation ${number}` }, `[${number}]`);
      link.addEventListener("click", (event) => {
        event.preventDefault(); // the place is inside the shadow, where addresses do not lead
        const found = this.shadowRoot.getElementById(`citewell-${number}`);
        found?.focus();
        found?.scrollIntoView({ block: "nearest" });
      });
      return link;
    }

    #source(each, texts, number) {
      const where = place(each.spans);
      const link = make("a", { href: new URL(pagePath(each), this.#server).href,
        target: "_blank", rel: "noopener noreferrer" }, "Open the page",
        make("span", { class: "unseen" }, ` of ${each.title}, ${where}, in a new window`));
      const head = number === undefined ? "" : `[${number}] `;
      const item = make("li", number === undefined ? {} : { id: `citewell-${number}`, tabindex: "-1" },
        make("div", { dir: "auto" }, head, make("cite", {}, each.title),
          make("span", { class: "faint" }, ` ${where}`)),
        make("blockquote", { dir: "auto", ...(each.language ? { lang: each.language } : {}) }, ...texts));
      if (each.flags?.length)
        item.append(make("p", { class: "faint" }, "This text reads like an instruction; it is only a quote."));
      item.append(make("div", {}, link));
      return item;
    }
  }

  function stopped(reason) {
    return reason === "late" ? "The answer takes too long. Please try again later." : "Stopped.";
  }

  function refusal(response, said) {
    const wait = response.headers.get("Retry-After");
    if (response.status === 429 || response.status === 503)
      return `The service is busy. Please try again in ${wait ?? "a few"} seconds.`;
    if (response.status === 401 || response.status === 403)
      return "This page may not ask the service. Tell whoever looks after the page.";
    return said.detail ?? `The service answered with ${response.status}.`;
  }

  if (!customElements.get(NAME)) customElements.define(NAME, CitewellAsk);

  // Put one where the script stands, or in the element that data-target names.
  function putOne() {
    const element = document.createElement(NAME);
    for (const name of SETTINGS) {
      const value = script.getAttribute(`data-${name}`);
      if (value) element.setAttribute(name, value);
    }
    const target = script.dataset.target && document.querySelector(script.dataset.target);
    if (target) target.append(element);
    else if (script.parentElement === document.head) document.body.append(element);
    else script.after(element);
  }

  if (!script || script.dataset.manual !== undefined) return;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", putOne);
  else putOne();
})();
