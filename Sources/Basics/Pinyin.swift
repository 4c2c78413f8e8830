import Foundation
import Synchronization

/// First letters of Chinese names, `dtxq` for 丹亭小区: how people look for a place without typing it. One reading a character.
package enum Pinyin {
    private static let letters = Mutex<[Character: String]>([:])

    /// Lower case; what is not Chinese stays as it is, without spaces.
    package static func initials(_ text: String) -> String {
        letters.withLock { known in
            text.prefix(200).map { character -> String in
                if character.isWhitespace { return "" }
                if let letter = known[character] { return letter }
                let letter = first(of: character)
                known[character] = letter
                return letter
            }.joined()
        }
    }

    private static func first(of character: Character) -> String {
        guard isHan(character) else { return character.lowercased() }
        let latin = String(character).applyingTransform(.toLatin, reverse: false)?.applyingTransform(.stripDiacritics, reverse: false)
        guard let letter = latin?.lowercased().first, ("a"..."z").contains(letter) else { return String(character) }
        return String(letter)
    }

    package static func isHan(_ character: Character) -> Bool {
        character.unicodeScalars.contains { (0x3400...0x9FFF).contains($0.value) || (0x20000...0x323AF).contains($0.value) }
    }
}
