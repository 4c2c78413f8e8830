/// What this is, as `/health` and the API say it.
package enum Version {
    package static let text = "0.1.0"
}
