#!/usr/bin/env node
// The program's entry in the package. Plain CommonJS without new syntax, so that a Node that is too old, and Windows, get a sentence
// instead of an error of syntax. Exit code 69 is that of main.ts: the surroundings are not as needed.
'use strict'

var fs = require('fs')
var path = require('path')
var url = require('url')
var manifest = require('../../package.json')

/**
 * Why Gatecrash cannot run here, in a sentence; undefined where it can.
 * @param {string} platform as of process.platform
 * @param {string} version of Node, such as 20.19.2
 * @param {string} engines the range that package.json asks for, such as >=24
 */
function refusal(platform, version, engines) {
  if (platform === 'win32')
    return 'Gatecrash does not run on Windows itself: run it in WSL, the Linux inside Windows (https://learn.microsoft.com/windows/wsl).'
  var needed = Number(/\d+/.exec(engines)[0])
  if (parseInt(version, 10) < needed)
    return (
      'Gatecrash needs Node ' +
      needed +
      ' or newer, and this is ' +
      version +
      ': install one, or let the project bring its own (npm install --save-dev node@' +
      needed +
      ').'
    )
  return undefined
}

module.exports = { refusal: refusal }

if (require.main === module) {
  var reason = refusal(process.platform, process.versions.node, manifest.engines.node)
  if (reason) {
    process.stderr.write(reason + '\n')
    process.exitCode = 69
  } else {
    // Compiled in the package, and as it is written in the sources.
    var compiled = path.join(__dirname, 'main.js')
    var main = fs.existsSync(compiled) ? compiled : path.join(__dirname, 'main.ts')
    import(url.pathToFileURL(main).href).catch(function (error) {
      // A package that is not whole: Node would exit with 1, which reads as a failed verdict.
      process.stderr.write(error.stack + '\n')
      process.exit(70)
    })
  }
}
