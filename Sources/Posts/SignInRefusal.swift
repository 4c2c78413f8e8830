import Basics

/// Why nobody is signed in; the sentences are `refusal.sign_in.…`.
package enum SignInRefusal: Refusal, Equatable {
    /// Wrong name or wrong password: never says which.
    case wrong
    case locked(until: Instant)
    case disabled
    case busy
    /// Not the code of now, or one that was taken already.
    case codeWrong
    /// Too long between the password and the code.
    case stepOver
    /// The post held asks for a second factor, so it cannot be put down.
    case factorNeeded
    case passwordTooShort(least: Int)
    case passwordTooLong
    /// Among the first that anybody would try.
    case passwordCommon

    package var key: String { "sign_in." + name }

    private var name: String {
        switch self {
        case .wrong: "wrong"
        case .locked: "locked"
        case .disabled: "disabled"
        case .busy: "busy"
        case .codeWrong: "code_wrong"
        case .stepOver: "step_over"
        case .factorNeeded: "factor_needed"
        case .passwordTooShort: "password_too_short"
        case .passwordTooLong: "password_too_long"
        case .passwordCommon: "password_common"
        }
    }

    package var values: [String: String] {
        switch self {
        case .locked(let until): ["until": "\(until.milliseconds)"]
        case .passwordTooShort(let least): ["least": "\(least)"]
        default: [:]
        }
    }

    package var sort: RefusalSort {
        switch self {
        case .wrong, .disabled, .codeWrong, .stepOver, .factorNeeded: .forbidden
        case .locked, .busy: .tooMany
        case .passwordTooShort, .passwordTooLong, .passwordCommon: .invalid
        }
    }
}
