/// What strangers read of a reporter's words: numbers that may be a telephone, an identity or a bank card are hidden.
package enum PublicWords {
    /// Digits in a row (spaces and hyphens between them do not end it) from which on they may point at a person.
    private static let personalDigits = 7

    /// Of seven digits and more only the first three stay: `138****`.
    package static func masked(_ words: String) -> String {
        var result = ""
        var run = ""
        var digits = 0
        func flush() {
            if digits >= personalDigits {
                var kept = 0
                for character in run {
                    guard character.isNumber || character == "X" || character == "x" else { continue }
                    if kept < 3 { result.append(character) }
                    kept += 1
                }
                result += "****"
                if let last = run.last, last == " " || last == "-" { result.append(last) }
            } else {
                result += run
            }
            run = ""
            digits = 0
        }
        for character in words {
            if character.isNumber {
                run.append(character)
                digits += 1
            } else if digits > 0, character == " " || character == "-" || character == "X" || character == "x" {
                run.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }
}
