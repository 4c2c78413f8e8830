import Catalog
import Ledger
import Matters

extension Call {
    /// What was asked and what was answered, in the reader's words; what nobody asked stands under the name the client gave it.
    func said(_ answer: FormAnswer) -> (name: String, value: String) {
        guard let element = answer.element else { return (answer.name, answer.value.text) }
        return (say(element.nameKey), said(answer.value, element))
    }

    private func said(_ value: FactValue, _ element: Element) -> String {
        switch value {
        case .list(let list): return list.map { said($0, element) }.joined(separator: say("web.between"))
        case .flag(let flag): return say(FlagChoice(flag).nameKey)
        case .text(let text) where element.choices.contains(text): return say(element.nameKey + "." + text)
        case .text, .number: return element.unit.map { value.text + " " + $0 } ?? value.text
        }
    }
}

/// A yes or no, as a list of two to choose from.
struct FlagChoice {
    static let all = [FlagChoice(true), FlagChoice(false)]
    let key: String
    var nameKey: String { "flag." + key }
    init(_ flag: Bool) { key = "\(flag)" }
}
