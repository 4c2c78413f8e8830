import Basics
import Catalog
import Foundation
import Ledger

/// What a category asks besides. Only programs that report through an interface are asked: who stands there with a phone types nothing.
package struct CategoryForm: Sendable {
    package struct Field: Sendable {
        package let element: Element
        package let required: Bool
    }

    package let fields: [Field]
    private let zone: TimeZone

    package static let longest = 500
    private static let most = 50

    package init(_ category: Category, _ catalog: Catalog) {
        fields = category.form.compactMap { id in
            catalog.element(id).map { Field(element: $0, required: category.required.contains(id)) }
        }
        zone = catalog.platform.zone
    }

    /// Reads answers by their element; empty ones are none. What the form does not ask is kept as it came, for the staff.
    /// - Returns: the answers that can be kept, and all that is wrong.
    package func read(_ given: [String: [String]]) -> (answers: [String: FactValue], wrong: [MatterRefusal]) {
        let given = given.mapValues { $0.map(Matters.clean).filter { !$0.isEmpty } }.filter { !$0.value.isEmpty }
        var answers: [String: FactValue] = [:]
        var wrong: [MatterRefusal] = []
        for field in fields {
            let id = field.element.id
            if let texts = given[id] {
                answers[id] = value(texts, of: field.element)
                if answers[id] == nil { wrong.append(.answerWrong(id)) }
            } else if field.required {
                wrong.append(.answerMissing(id))
            }
        }
        for (id, texts) in given.sorted(by: { $0.key < $1.key }).prefix(Self.most) where !fields.contains(where: { $0.element.id == id }) {
            answers[String(id.prefix(60))] = .text(String(texts.joined(separator: ", ").prefix(Self.longest)))
        }
        return (answers, wrong)
    }

    private func value(_ texts: [String], of element: Element) -> FactValue? {
        let limit = element.sort == .words ? Matters.longestWords : Self.longest
        guard texts.allSatisfy({ $0.count <= limit }) else { return nil }
        switch element.sort {
        // An instant is a day here, as the other side's clock and ours agree on it.
        case .day: return FactValue(each: texts.map { Instant(iso: $0, zone: zone)?.day(in: zone).description ?? $0 }, for: element)
        case .choice where element.many: return FactValue(each: texts.flatMap { $0.split(separator: ",").map(String.init) }, for: element)
        case .words: return FactValue(each: texts, for: element)
        default: return FactValue(each: texts.map { $0.replacing("\n", with: " ") }, for: element)
        }
    }
}

/// One answer of a report.
package struct FormAnswer: Sendable {
    /// The element's id, or whatever the client called it.
    package let name: String
    /// Nil for what no form asks.
    package let element: Element?
    package let value: FactValue

    /// In the order of the dictionary, then what nobody asked.
    static func all(_ values: [String: FactValue], _ catalog: Catalog) -> [FormAnswer] {
        let known = catalog.elements.compactMap { element in
            values[element.id].map { FormAnswer(name: element.id, element: element, value: $0) }
        }
        let rest = values.filter { catalog.element($0.key) == nil }.sorted { $0.key < $1.key }
        return known + rest.map { FormAnswer(name: $0.key, element: nil, value: $0.value) }
    }

    /// What strangers read of it: answers to a question of ours, with telephone and identity numbers hidden; of a kind that keeps words to
    /// itself nothing.
    static func shown(_ values: [String: FactValue], _ kind: Kind, _ catalog: Catalog) -> [FormAnswer] {
        guard kind.shows.words else { return [] }
        return all(values, catalog).compactMap { answer in
            guard let element = answer.element, !element.sensitive else { return nil }
            return FormAnswer(name: answer.name, element: element, value: answer.value.masked)
        }
    }
}

extension FactValue {
    fileprivate var masked: FactValue {
        switch self {
        case .text(let text): .text(PublicWords.masked(text))
        case .list(let list): .list(list.map(\.masked))
        case .number, .flag: self
        }
    }
}
