// Suggestions while typing: an editable combobox with a listbox (WAI-ARIA 1.2). Without this script the fields are plain ones.
//
// A field asks for it with data-suggest="ADDRESS"; what it says is in data-say-list, -none, -one and -many ("{n}"). The server
// answers {"options": [{text, extra, address | key}]}: an address is gone to, a key is sent in the field that data-key names.
const SHORTEST = 2;
const PAUSE = 150;

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

class Combobox {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.active = -1;
    const id = `${input.id}-suggestions`;
    this.list = element("ul", { id, role: "listbox", class: "suggest__list", "aria-label": input.dataset.sayList });
    this.status = element("p", { role: "status", class: "suggest__status" });
    this.list.hidden = true;
    const box = element("div", { class: "suggest" });
    input.replaceWith(box);
    box.append(input, this.list, this.status);
    input.type = "text"; // a search field must not be a combobox (ARIA in HTML)
    input.enterKeyHint = "search";
    input.autocomplete = "off";
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [key, value] of Object.entries(roles)) input.setAttribute(key, value);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  get open() {
    return !this.list.hidden;
  }

  typed() {
    this.forgetKey();
    this.forgetRequest();
    if (this.input.value.trim().length < SHORTEST) return this.close();
    this.pause = setTimeout(() => this.ask(), PAUSE);
  }

  forgetRequest() {
    clearTimeout(this.pause);
    this.request?.abort();
  }

  async ask() {
    const request = (this.request = new AbortController());
    const address = new URL(this.input.dataset.suggest, location.href);
    const fields = this.input.form ? new FormData(this.input.form) : [];
    for (const [name, value] of fields) if (name !== this.input.name) address.searchParams.set(name, value);
    address.searchParams.set("q", this.input.value.trim());
    address.searchParams.set("lang", document.documentElement.lang);
    try {
      const answer = await fetch(address, { signal: request.signal, headers: { accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()).options);
    } catch {
      // Aborted by the next letter, or no network: the form works without suggestions.
    }
  }

  show(options) {
    if (document.activeElement !== this.input) return;
    this.options = options;
    this.list.replaceChildren(...options.map((option, index) => this.line(option, index)));
    this.mark(-1);
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(this.open));
    const said = { 0: this.input.dataset.sayNone, 1: this.input.dataset.sayOne }[options.length];
    this.status.textContent = (said ?? this.input.dataset.sayMany).replace("{n}", options.length);
  }

  line(option, index) {
    const line = element("li", { id: `${this.list.id}-${index}`, role: "option", class: "suggest__option", "aria-selected": "false" });
    line.append(element("span", { class: "suggest__text" }, option.text));
    if (option.extra) line.append(" ", element("span", { class: "suggest__extra" }, option.extra));
    return line;
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === index)));
    const line = this.list.children[index];
    if (line) this.input.setAttribute("aria-activedescendant", line.id);
    else this.input.removeAttribute("aria-activedescendant");
    line?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.forgetRequest();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
    this.mark(-1);
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.open) {
        this.forgetRequest(); // a late answer must not take the list away from under whoever walks it
        this.mark(this.next(step));
      } else if (this.input.value.trim().length >= SHORTEST) this.ask();
    } else if (event.key === "Enter" && this.open && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Escape") {
      this.input.value = "";
      this.forgetKey();
    }
  }

  // Past the last one comes the field itself (-1), then the first.
  next(step) {
    const places = this.options.length + 1;
    return ((this.active + 1 + step + places) % places) - 1;
  }

  choose(index) {
    const option = this.options[index];
    this.input.value = option.text;
    this.close();
    if (option.address) location.assign(option.address);
    else this.keepKey(option.key);
  }

  // The field shows the name; what is sent is the key, until somebody types again.
  keepKey(value) {
    this.forgetKey();
    const name = this.input.dataset.key;
    for (const stale of this.input.form.querySelectorAll(`input[type=hidden][name="${name}"]`)) stale.remove();
    this.key = element("input", { type: "hidden", name, value });
    this.input.after(this.key);
    if (this.input.name === name) {
      this.input.removeAttribute("name");
      this.named = name;
    }
  }

  forgetKey() {
    this.key?.remove();
    if (this.named) this.input.name = this.named;
    this.key = this.named = undefined;
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Combobox(input);
if (matchMedia("(min-width: 64rem)").matches) for (const folded of document.querySelectorAll("details[data-open-wide]")) folded.open = true;
