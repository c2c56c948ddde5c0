namespace CarbonMarket.Testing.Service;

/// <summary>What a service promised, in the order it was heard.</summary>
public sealed class Overheard
{
    private readonly Lock _gate = new();
    private readonly List<object> _messages = [];

    public IReadOnlyList<object> All => Of<object>();

    public Task Hear(object message)
    {
        lock (_gate)
            _messages.Add(message);
        return Task.CompletedTask;
    }

    public IReadOnlyList<T> Of<T>()
    {
        lock (_gate)
            return [.. _messages.OfType<T>()];
    }
}
