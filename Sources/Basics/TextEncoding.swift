import Foundation

/// How a file from elsewhere writes its texts.
package enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    /// Stands for GB 2312, GBK and GB 18030, each of which holds the one before.
    case gbk
    case latin1

    /// Also by the other names that people use.
    package init?(named name: String) {
        switch name.lowercased().replacing("_", with: "-") {
        case "utf8", "utf-8": self = .utf8
        case "gbk", "gb2312", "gb-2312", "gb18030", "gb-18030", "cp936": self = .gbk
        case "latin1", "latin-1", "iso-8859-1": self = .latin1
        default: return nil
        }
    }

    /// Nil when the bytes are not written so.
    package func text(_ bytes: Data) -> String? { String(data: bytes, encoding: foundation) }

    /// The encoding of bytes that say nothing of it: UTF-8 if they are that, else GBK if they are that.
    package static func guessed(_ bytes: Data) -> TextEncoding? { [.utf8, .gbk].first { $0.text(bytes) != nil } }

    private var foundation: String.Encoding {
        switch self {
        case .utf8: .utf8
        // NSStringEncoding of kCFStringEncodingGB_18030_2000.
        case .gbk: String.Encoding(rawValue: 0x8000_0632)
        case .latin1: .isoLatin1
        }
    }
}
