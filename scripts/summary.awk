# Reads the output of go test -json. Prints one line for each package, what
# failed tests said, every "caught n of n" line of the planted bugs, and a
# closing count. Exits 1 when anything failed, or when no test ran at all.

function field(name,    rest, at, value, c) {
	at = index($0, "\"" name "\":\"")
	if (!at) return ""
	rest = substr($0, at + length(name) + 4)
	value = ""
	while ((c = substr(rest, 1, 1)) != "\"" && rest != "") {
		if (c == "\\") {
			c = substr(rest, 2, 1)
			rest = substr(rest, 3)
			if (c == "n") c = "\n"
			else if (c == "t") c = "\t"
			else if (c == "r") c = ""
			else if (c == "u") {
				c = unicode(substr(rest, 1, 4))
				rest = substr(rest, 5)
			}
			value = value c
		} else {
			at = match(rest, /[\\"]/)
			value = value substr(rest, 1, at - 1)
			rest = substr(rest, at)
		}
	}
	return value
}

function unicode(hex) {
	if (hex == "003c") return "<"
	if (hex == "003e") return ">"
	if (hex == "0026") return "&"
	if (hex == "001b" || hex == "0016") return ""
	return "?"
}

# Lines that are not JSON come from a build that failed.
!/^\{/ { print; next }

{
	action = field("Action")
	pkg = field("Package")
	test = field("Test")
	key = pkg SUBSEP test
}

action == "output" {
	line = field("Output")
	if (line ~ /caught [0-9]+ of [0-9]+/) {
		found = line
		sub(/^[ \t]*[a-z_]+\.go:[0-9]+: /, "", found)
		sub(/\n$/, "", found)
		caught[++catches] = "    " found
	}
	if (line !~ /^=== /) said[key] = said[key] line
}

action == "build-output" { printf "%s", field("Output") }

action == "build-fail" { broken = 1 }

test != "" && action == "pass" { passed++; delete said[key] }
test != "" && action == "skip" { skipped++; print "    skipped: " pkg " " test }
test != "" && action == "fail" { failures++; printf "%s", said[key]; delete said[key] }

test == "" && (action == "pass" || action == "fail") {
	printf "    %-4s %s (%.1f s)\n", action == "pass" ? "ok" : "FAIL", pkg, elapsed()
	if (action == "fail") {
		broken = 1
		# What the package said, and the tests that never came to an end.
		for (k in said) if (index(k, pkg SUBSEP) == 1) printf "%s", substr(said[k], 1, 20000)
	}
}

function elapsed(    at) {
	at = index($0, "\"Elapsed\":")
	return at ? substr($0, at + 10) + 0 : 0
}

END {
	for (i = 1; i <= catches; i++) print caught[i]
	printf "%d passed, %d failed, %d skipped\n", passed, failures, skipped
	if (failures || broken || skipped || !passed) exit 1
}
