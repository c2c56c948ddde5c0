namespace CarbonMarket.Journaling;

/// <summary>
/// The engine cannot answer for the moment: this process does not lead, or the state is being loaded, or a commit failed
/// and its outcome is unknown. Ask again with the same command id.
/// </summary>
public sealed class EngineUnavailableException : Exception
{
    public EngineUnavailableException()
        : this("The engine is not available; ask again with the same command id.")
    {
    }

    public EngineUnavailableException(string message)
        : base(message)
    {
    }

    public EngineUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
