import Foundation
import Testing

/// What comes from outside is read by code that goes through it once; the few regular expressions there are stand here with what they are
/// fed, so that none is added that somebody could keep busy.
@Suite struct Regexes {
    /// File → what its expressions read, none of it written by a stranger.
    static let known = [
        "Sources/Grids/GDAL.swift": "a line that the converter printed, cut to its length",
        "Sources/Web/Pages/Templates.swift": "templates of ours at start", "Sources/Web/Pictures/Papers.swift": "a paper of ours",
    ]

    @Test("ASVS-1.3.12 no regular expression reads what a stranger wrote, and each is through 50 KB at once")
    func few() throws {
        var found: Set<String> = []
        let hard = ["`/", "{{t.", "ERROR ", "\"var(--", "aaaaaaaa", "````////", "/a/a/a", "{{t.a.b-c", "\"var(--a,#", "((((("]
        for file in try Tree.sources() {
            #expect(!file.text.contains("NSRegularExpression"), "\(file.path)")
            // Built from text while it runs, an expression could be somebody's.
            #expect(file.text.firstMatch(of: #/\bRegex\(/#) == nil, "\(file.path)")
            for match in file.text.matches(of: ##/#\/(.+?)\/#[),\] ]/##) {
                found.insert(file.path)
                #expect(Self.known[file.path] != nil, "\(file.path) reads by \(match.1)")
                let regex = try Regex(String(match.1))
                for piece in hard {
                    let text = String(repeating: piece, count: 50_000 / piece.utf8.count)
                    let began = Date()
                    _ = text.firstMatch(of: regex)
                    #expect(Date().timeIntervalSince(began) < 5, "\(file.path): \(match.1) on \(piece)…")
                }
            }
        }
        #expect(found == Set(Self.known.keys))
    }
}
