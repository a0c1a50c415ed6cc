// Words selected in a log become a quotation in the answer; without scripts one copies or types them.
//
// The log names in data attributes the field its words go to and what the button says.
export function quoteSelectedWords(log) {
  const field = document.getElementById(log.dataset.field)
  if (!field) return
  const button = document.createElement("button")
  button.type = "button"
  button.className = "govuk-button govuk-button--secondary"
  button.textContent = log.dataset.quote
  const told = document.createElement("p")
  told.className = "govuk-body"
  told.setAttribute("role", "status")
  log.after(button, told)

  button.addEventListener("click", () => {
    const words = selectedIn(log)
    told.textContent = words ? log.dataset.quoted : log.dataset.nothingSelected
    if (!words) return
    const before = field.value.trim()
    field.value = before ? `${before}\n${words}` : words
    field.dispatchEvent(new Event("input", { bubbles: true }))
  })
}

// One line, as the server takes a quotation; nothing where the selection is not in the log.
function selectedIn(log) {
  const selection = window.getSelection()
  if (!selection.rangeCount || !log.contains(selection.getRangeAt(0).commonAncestorContainer)) return ""
  return selection.toString().split(/\s+/).filter(Boolean).join(" ")
}
