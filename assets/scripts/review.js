// Everything a page does with scripts on. Each page also works with scripts off.
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, FileUpload, NotificationBanner,
  PasswordInput, Radios, ServiceNavigation, SkipLink, createAll,
} from "govuk-frontend"
import { Alert, FilterToggleButton, SortableTable } from "@ministryofjustice/frontend"
import { quoteSelectedWords } from "./quote-words.js"
import { useSecurityKey } from "./security-key.js"
import { warnBeforeTheSessionEnds } from "./session-end.js"

document.body.classList.add("js-enabled", "govuk-frontend-supported")

const components = [
  Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, FileUpload, NotificationBanner,
  PasswordInput, Radios, ServiceNavigation, SkipLink, Alert, SortableTable,
]
for (const component of components) createAll(component)

for (const filter of document.querySelectorAll("[data-module='moj-filter']")) {
  new FilterToggleButton(filter, {
    bigModeMediaQuery: "(min-width: 48.0625em)",
    startHidden: false,
    toggleButton: { showText: filter.dataset.show, hideText: filter.dataset.hide, classes: "govuk-button--secondary" },
    toggleButtonContainer: { selector: ".moj-action-bar__filter" },
    closeButton: { text: filter.dataset.close },
    closeButtonContainer: { selector: ".moj-filter__header-action" },
  })
}

const dialogue = document.querySelector("[data-module='review-timeout']")
if (dialogue) warnBeforeTheSessionEnds(dialogue)

for (const place of document.querySelectorAll("[data-module='security-key']")) useSecurityKey(place)
for (const log of document.querySelectorAll("[data-module='quote-words']")) quoteSelectedWords(log)
