// A plain list of offences becomes a field one types in; without scripts it stays a list.
import accessibleAutocomplete from "accessible-autocomplete"

for (const select of document.querySelectorAll("select[data-module='offence-search']")) {
  accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    defaultValue: select.value ? select.selectedOptions[0].text : "",
    autoselect: true,
    confirmOnBlur: false,
    showAllValues: false,
    minLength: 2,
    displayMenu: "overlay",
    source: (typed, populate) => populate(matching(select, typed)),
    onConfirm: (chosen) => choose(select, chosen),
    tNoResults: () => select.dataset.none,
    tStatusQueryTooShort: (least) => select.dataset.tooShort.replace("%s", String(least)),
    tStatusResults: (count) => select.dataset.results.replace("%s", String(count)),
  })
}

// Every word typed must stand somewhere in the offence's code, title or other names (its data-search).
function matching(select, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return [...select.options]
    .filter((option) => option.value)
    .map((option) => ({ text: option.text, found: `${option.text} ${option.dataset.search ?? ""}`.toLowerCase() }))
    .filter((option) => words.every((word) => option.found.includes(word)))
    .sort((one, other) => other.found.startsWith(words[0]) - one.found.startsWith(words[0]))
    .map((option) => option.text)
    .slice(0, 20)
}

function choose(select, chosen) {
  const option = [...select.options].find((one) => one.text === chosen)
  if (!option) return
  option.selected = true
  select.dispatchEvent(new Event("change", { bubbles: true }))
}
