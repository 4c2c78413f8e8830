import Basics

/// What is wrong with a catalog or strings file, where, and what to do about it.
///
/// A `Refusal`: the sentence is `refusal.catalog.<sort>`, the remedy `remedy.catalog.<sort>`, both filled with `values`, which
/// always hold `file`, `line` and `at` (the way of keys: `clocks.finish.limit`).
package struct CatalogProblem: Refusal, Equatable {
    package enum Sort: String, CaseIterable, Sendable {
        case notUTF8 = "not_utf8", unreadable, noCatalog = "no_catalog", syntax, duplicateKey = "duplicate_key"
        case missingKey = "missing_key", unknownKey = "unknown_key", wrongType = "wrong_type", wrongValue = "wrong_value"
        case unknownId = "unknown_id", duplicateId = "duplicate_id", missingFile = "missing_file", missingString = "missing_string"
    }

    package let file: String
    package let line: Int
    package let what: Sort
    package let values: [String: String]

    package init(file: String, line: Int, _ what: Sort, _ values: [String: String] = [:]) {
        self.file = file
        self.line = line
        self.what = what
        var all = values
        all["file"] = file
        all["line"] = String(line)
        self.values = all
    }

    package var key: String { "catalog." + what.rawValue }

    /// One line for a page or a terminal: `file:line: what is wrong. What to do.`
    package func sentence(_ strings: Strings, _ language: Language) -> String {
        "\(file):\(line): " + strings.text("refusal." + key, language, values) + " " + strings.text("remedy." + key, language, values)
    }
}

extension CatalogProblem: CustomStringConvertible {
    /// Without strings (which may be what is broken): `catalog/kinds/report.yaml:12: unknown_key at=clocks name=finsh nearest=finish`.
    package var description: String {
        let rest = values.filter { $0.key != "file" && $0.key != "line" }.sorted { $0.key < $1.key }
        return "\(file):\(line): \(what.rawValue)" + rest.map { " \($0.key)=\($0.value)" }.joined()
    }
}

/// All that is wrong with a catalog, in the order of files and lines.
package struct CatalogBroken: Error, Equatable, CustomStringConvertible {
    package let problems: [CatalogProblem]

    package init(_ problems: [CatalogProblem]) {
        self.problems = problems.sorted { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Gathers problems, so that a person sees all of them at once and not one a try.
package struct CatalogProblems: Sendable {
    package private(set) var all: [CatalogProblem] = []

    package init() {}

    package mutating func add(_ problem: CatalogProblem) { all.append(problem) }

    /// The value of `body`, or nil when it threw, which is then kept as a problem.
    @discardableResult
    package mutating func gather<T>(_ body: () throws -> T) -> T? {
        do {
            return try body()
        } catch let problem as CatalogProblem {
            all.append(problem)
        } catch let broken as CatalogBroken {
            all += broken.problems
        } catch {
            all.append(CatalogProblem(file: "catalog", line: 1, .unreadable, ["why": "\(error)"]))
        }
        return nil
    }

    /// - Throws: `CatalogBroken` when there is any.
    package func check() throws {
        if !all.isEmpty { throw CatalogBroken(all) }
    }
}
