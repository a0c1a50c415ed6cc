// WCAG 2.2.1: a person is told two minutes before the session ends and can go on with one key press.
//
// The dialogue is in the page, hidden; it says in data attributes how many seconds a session lasts without a
// request, when to warn, and the addresses to ask for more time and to go to when time is up.
const TICK = 1000

export function warnBeforeTheSessionEnds(dialogue) {
  const idle = Number(dialogue.dataset.idleSeconds)
  const warning = Number(dialogue.dataset.warningSeconds)
  const minutes = dialogue.querySelector("[data-minutes]")
  let last = Date.now()

  const stay = async () => {
    dialogue.close()
    const answer = await fetch(dialogue.dataset.stayAddress, {
      method: "POST",
      headers: { "X-CSRFToken": dialogue.dataset.token },
      credentials: "same-origin",
    })
    if (answer.ok) last = Date.now()
    else window.location.assign(dialogue.dataset.endAddress)
  }
  dialogue.querySelector("[data-stay]").addEventListener("click", stay)
  dialogue.addEventListener("cancel", (event) => {
    event.preventDefault()
    stay()
  })

  setInterval(() => {
    const left = idle - (Date.now() - last) / 1000
    if (left > warning) return
    if (minutes) minutes.textContent = String(Math.max(1, Math.ceil(left / 60)))
    if (!dialogue.open) dialogue.showModal()
  }, TICK)
}
