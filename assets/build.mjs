// Builds src/opencdi/review/shell/static/review: one style sheet, two scripts, the icons the style sheet names.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import * as sass from "sass"

const here = path.dirname(fileURLToPath(import.meta.url))
const packages = path.join(here, "node_modules")
const built = path.join(here, "../src/opencdi/review/shell/static/review")
const icons = path.join(packages, "@ministryofjustice/frontend/moj/assets/images")
const banner =
  "/*! OpenCDI review room (MIT). Contains govuk-frontend, MoJ Frontend and accessible-autocomplete (MIT): see NOTICE. */"

await rm(built, { recursive: true, force: true })
await mkdir(path.join(built, "images"), { recursive: true })

const { css } = sass.compile(path.join(here, "styles/review.scss"), {
  loadPaths: [packages, here, path.join(here, "styles")],
  style: "compressed",
  quietDeps: true,
  charset: false,
})
await writeFile(path.join(built, "review.css"), `${banner}\n${css}\n`)
const named = new Set([...css.matchAll(/images\/([\w-]+\.svg)/g)].map((found) => found[1]))
for (const icon of named) await copyFile(path.join(icons, icon), path.join(built, "images", icon))

await build({
  entryPoints: [path.join(here, "scripts/review.js"), path.join(here, "scripts/offence-search.js")],
  outdir: built,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  banner: { js: banner },
})
for (const file of ["NOTICE", "icon.svg"]) await copyFile(path.join(here, file), path.join(built, file))
for (const file of ["review.css", "review.js", "offence-search.js"]) {
  const { length } = await readFile(path.join(built, file))
  console.log(`${file.padEnd(20)} ${String(Math.round(length / 1000)).padStart(4)} kB`)
}
