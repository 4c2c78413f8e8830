/// What strangers read of a reporter's words: telephone and identity numbers are hidden, all else stays as it was written.
package enum PublicWords {
    /// Keeps the first three digits of a number that points at a person: `138****`.
    package static func masked(_ words: String) -> String {
        let letters = Array(words)
        var result = ""
        var index = 0
        while index < letters.count {
            guard isDigit(letters[index]), index == 0 || !isWord(letters[index - 1]) else {
                result.append(letters[index])
                index += 1
                continue
            }
            // Groups of digits with one space or hyphen between: 138 0000 1234, 0371-12345678.
            var groups: [(text: String, end: Int)] = []
            var end = index
            while end < letters.count, isDigit(letters[end]) {
                let start = end
                while end < letters.count, isDigit(letters[end]) { end += 1 }
                if end < letters.count, letters[end] == "X" || letters[end] == "x" { end += 1 }
                groups.append((String(letters[start..<end]), end))
                guard end + 1 < letters.count, letters[end] == " " || letters[end] == "-", isDigit(letters[end + 1]) else { break }
                end += 1
            }
            let whole = groups.map(\.text).joined()
            if isPersonal(whole), end == letters.count || !isWord(letters[end]) {
                result += whole.prefix(3) + "****"
                index = end
            } else if let first = groups.first, isPersonal(first.text), first.end == letters.count || !isWord(letters[first.end]) {
                result += first.text.prefix(3) + "****"
                index = first.end
            } else {
                let stop = groups.first?.end ?? index + 1
                result += String(letters[index..<stop])
                index = stop
            }
        }
        return result
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
    private static func isWord(_ character: Character) -> Bool { character.isASCII && (character.isNumber || character.isLetter) }

    /// A mobile number (1[3-9] and nine more), a landline with its area code, a resident identity number with a right check digit
    /// (GB 11643). Other numbers (dates, times, codes) are nobody's.
    private static func isPersonal(_ text: String) -> Bool {
        let digits = text.compactMap(\.wholeNumberValue)
        if text.count == 11, digits.count == 11, digits[0] == 1, digits[1] >= 3 { return true }
        if (10...12).contains(text.count), digits.count == text.count, digits[0] == 0, digits[1] != 0 { return true }
        guard text.count == 18, digits.count >= 17 else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let rest = zip(weights, digits).reduce(0) { $0 + $1.0 * $1.1 } % 11
        return text.last?.uppercased() == ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][rest]
    }
}
