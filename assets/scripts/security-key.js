// A security key: the browser asks it, the answer goes into a hidden field of a plain form.
export function useSecurityKey(place) {
  const button = document.getElementById(place.dataset.button)
  const field = document.getElementById(place.dataset.field)
  const options = JSON.parse(document.getElementById(place.dataset.options).textContent)
  const ask = place.dataset.use === "add" ? create : get

  button.addEventListener("click", async () => {
    try {
      const credential = await ask(options)
      field.value = JSON.stringify(credential.toJSON())
      field.form.submit()
    } catch {
      say(button)
    }
  })
}

const create = ({ creation_options: { publicKey } }) =>
  navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })

const get = ({ request_options: { publicKey } }) =>
  navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) })

function say(button) {
  const message = document.querySelector("[data-key-failed]")
  if (!message) return
  message.hidden = false
  message.focus()
  button.setAttribute("aria-describedby", message.id)
}
