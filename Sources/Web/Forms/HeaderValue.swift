import Basics

/// A header value with parameters: `form-data; name="photo"; filename="a.jpg"`.
struct HeaderValue {
    /// The part before the first `;`, in lower case.
    let value: String
    private var parameters: [String: String] = [:]

    init(_ text: String) {
        var rest = text[...]
        let first = rest.prefix { $0 != ";" }
        value = first.trimmingSpaces.lowercased()
        rest = rest.dropFirst(first.count)
        while rest.first == ";" {
            rest = rest.dropFirst()
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            while rest.first == " " { rest = rest.dropFirst() }
            var word = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                // NB: browsers write `"` in a name as %22 and leave a backslash alone, so only \" is unescaped.
                while let character = rest.first, character != "\"" {
                    if character == "\\", rest.dropFirst().first == "\"" { rest = rest.dropFirst() }
                    if let next = rest.first { word.append(next) }
                    rest = rest.dropFirst()
                }
                rest = rest.drop { $0 != ";" }
            } else {
                let bare = rest.prefix { $0 != ";" }
                word = bare.trimmingSpaces
                rest = rest.dropFirst(bare.count)
            }
            parameters[name.trimmingSpaces.lowercased()] = word
        }
    }

    subscript(name: String) -> String? { parameters[name] }
}
