import HTTPTypes

extension HTTPFields {
    /// A header by a name that HTTPTypes does not list; nil also for a name that cannot be one.
    func value(of name: String) -> String? { HTTPField.Name(name).flatMap { self[$0] } }
}
