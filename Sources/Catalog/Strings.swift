import Basics

/// Every sentence a person reads, from `strings/*.yaml`, in both languages.
///
/// ```yaml
/// inbox.late: { zh-Hans: "{count} 件已超时", en: { one: "{count} matter is late", other: "{count} matters are late" } }
/// ```
/// Parameters are named; the form is chosen by the parameter `count`. A missing sentence shows as `⟦its.key⟧`, so it is seen and not lost.
package struct Strings: Sendable {
    /// A sentence cut at its parameters: text, parameter, text, parameter, text …
    struct Sentence: Sendable, Equatable {
        var texts: [String]
        var names: [String]
    }

    struct Forms: Sendable, Equatable {
        var other: Sentence
        var one: Sentence?
    }

    /// A key that lacks a language, or a language whose parameters differ from those of the source.
    package struct Missing: Hashable, Sendable, Comparable {
        package let key: String
        package let language: Language
        /// Empty when the whole sentence is missing; else the parameters that only one of the two has.
        package let parameters: [String]
        package static func < (a: Missing, b: Missing) -> Bool { (a.key, a.language.rawValue) < (b.key, b.language.rawValue) }
    }

    private var forms: [Language: [String: Forms]] = [:]
    private var places: [String: (file: String, line: Int)] = [:]

    package init() {}

    /// Reads all strings files.
    /// - Throws: `CatalogBroken` with every wrong key, language or form, and every key given twice.
    package init(_ files: CatalogFiles) throws {
        var problems = CatalogProblems()
        for path in files.paths(in: "strings") {
            problems.gather {
                let root = try CatalogNode(yaml: files.texts[path] ?? "", file: path)
                for entry in try root.asMap() {
                    if let first = places[entry.key] {
                        throw CatalogProblem(
                            file: path, line: entry.line, .duplicateKey, ["name": entry.key, "at": "\(first.file):\(first.line)"])
                    }
                    places[entry.key] = (path, entry.line)
                    try add(entry)
                }
            }
        }
        try problems.check()
    }

    private mutating func add(_ entry: CatalogNode.Entry) throws {
        try entry.value.known(Language.allCases.map(\.rawValue))
        for language in Language.allCases {
            guard let node = entry.value[language.rawValue] else { continue }
            if node.isMap {
                try node.known("one", "other")
                forms[language, default: [:]][entry.key] = Forms(
                    other: Self.cut(try node.text("other")), one: try node.optionalText("one").map(Self.cut))
            } else {
                forms[language, default: [:]][entry.key] = Forms(other: Self.cut(try node.asText()), one: nil)
            }
        }
    }

    static func cut(_ text: String) -> Sentence {
        var sentence = Sentence(texts: [], names: [])
        var rest = text[...]
        var run = ""
        while let open = rest.firstIndex(of: "{") {
            run += rest[..<open]
            let after = rest[rest.index(after: open)...]
            let name = after.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
            if !name.isEmpty, name.endIndex < after.endIndex, after[name.endIndex] == "}" {
                sentence.texts.append(run)
                sentence.names.append(String(name))
                run = ""
                rest = after[after.index(after: name.endIndex)...]
            } else {
                run += "{"
                rest = after
            }
        }
        sentence.texts.append(run + rest)
        return sentence
    }

    // MARK: - Reading

    /// The sentence of a key, its parameters filled in. Chinese stands in for a missing English one; a missing key shows as `⟦key⟧`.
    package func text(_ key: String, _ language: Language, _ values: [String: String] = [:]) -> String {
        find(key, language, values) ?? "⟦\(key)⟧"
    }

    package subscript(_ key: String, _ language: Language, _ values: [String: String] = [:]) -> String { text(key, language, values) }

    /// Nil when no language has the key.
    package func find(_ key: String, _ language: Language, _ values: [String: String] = [:]) -> String? {
        guard let forms = forms[language]?[key] ?? forms[.chinese]?[key] ?? forms[.english]?[key] else { return nil }
        let one = forms.one != nil && values["count"] == "1"
        let sentence = one ? forms.one ?? forms.other : forms.other
        guard !sentence.names.isEmpty else { return sentence.texts[0] }
        var result = sentence.texts[0]
        for (index, name) in sentence.names.enumerated() {
            result += values[name] ?? "{\(name)}"
            result += sentence.texts[index + 1]
        }
        return result
    }

    package func has(_ key: String) -> Bool { places[key] != nil }

    /// The sentence of a refusal, `refusal.<key>`.
    package func text(_ refusal: any Refusal, _ language: Language) -> String {
        text("refusal." + refusal.key, language, refusal.values)
    }

    /// All keys, in byte order.
    package var keys: [String] { places.keys.sorted() }

    /// The sentences without parameters below a prefix (`desk.`), by the rest of their key: what a template shows as `{{t.take}}`.
    package func below(_ prefix: String, _ language: Language) -> [String: String] {
        var found: [String: String] = [:]
        for key in places.keys where key.hasPrefix(prefix) {
            found[String(key.dropFirst(prefix.count))] = find(key, language)
        }
        return found
    }

    /// What is not complete in both languages: empty in a sound catalog (a test).
    package var missing: [Missing] {
        var found: [Missing] = []
        for key in places.keys {
            let source = forms[.chinese]?[key].map { Set($0.other.names) }
            for language in Language.allCases {
                guard let own = forms[language]?[key] else {
                    found.append(Missing(key: key, language: language, parameters: []))
                    continue
                }
                let odd = (source ?? []).symmetricDifference(own.other.names)
                if !odd.isEmpty { found.append(Missing(key: key, language: language, parameters: odd.sorted())) }
            }
        }
        return found.sorted()
    }
}
