/// Values kept once and named by a small number, in the order they came.
struct Interned<Value: Hashable & Sendable>: Sendable {
    private(set) var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]

    init(_ values: [Value] = []) {
        self.values = values
        numbers = Dictionary(values.enumerated().map { ($1, UInt32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func number(of value: Value) -> UInt32 {
        if let known = numbers[value] { return known }
        let number = UInt32(values.count)
        numbers[value] = number
        values.append(value)
        return number
    }

    /// Nil when it never came.
    func known(_ value: Value) -> UInt32? { numbers[value] }
}
