import Basics

/// The sentences people read, and nothing else of the catalog.
package struct Wording: Sendable {
    /// The filled sentence of a key; nil when there is none.
    package let find: @Sendable (_ key: String, _ language: Language, _ values: [String: String]) -> String?

    package init(find: @escaping @Sendable (String, Language, [String: String]) -> String?) { self.find = find }

    /// A missing sentence shows its key, so that it is seen and mended; a test keeps it from happening.
    package func say(_ key: String, _ language: Language, _ values: [String: String] = [:]) -> String {
        find(key, language, values) ?? key
    }
}
