import Basics
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// What travels with a request: who is there, from where, in which language.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Address of the connection.
    package let connection: String
    /// Shown on error pages and written in the log.
    package let short: String
    package var reader = Reader()
    var lane = Admission.Lane.everybody

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        connection = source.channel.remoteAddress?.ipAddress ?? "unknown"
        short = String(Secret.token(bytes: 6).filter { $0.isLetter || $0.isNumber }.prefix(7))
    }
}

/// Who reads: language, size of type, and the session if there is one.
package struct Reader: Sendable {
    package var language = Language.chinese
    package var large = false
    package var session: ReaderSession?
    /// The double-submit token of someone without a session; nil until a page with a form is shown.
    package var formToken: String?
    /// Cookies to set with the answer.
    package var cookies: [String] = []
}
