namespace CarbonMarket.Journaling;

/// <summary>Something a caller waits for. The writer prepares the answer; it is released once what it rests on is durable.</summary>
internal abstract class Request<TState>(CancellationToken cancellationToken)
{
    /// <summary>The caller has gone away, so that nothing need be decided for it.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    public abstract void Release();

    public abstract void Fail(Exception exception);
}

internal sealed class CommandRequest<TState, TCommand, TEvent>(
    CommandEnvelope<TCommand> envelope, UInt128 content, CancellationToken cancellationToken) : Request<TState>(cancellationToken)
    where TCommand : notnull
    where TEvent : notnull
{
    private readonly TaskCompletionSource<Outcome<TEvent>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Outcome<TEvent>> Answer => answer.Task;

    public CommandEnvelope<TCommand> Envelope => envelope;

    public CommandMark Mark => new(envelope.CommandId, content);

    public Outcome<TEvent>? Prepared { get; set; }

    public override void Release() => answer.TrySetResult(Prepared!);

    public override void Fail(Exception exception) => answer.TrySetException(exception);
}

/// <summary>A look at the state between two commands.</summary>
internal abstract class ReadRequest<TState>(CancellationToken cancellationToken) : Request<TState>(cancellationToken)
{
    public abstract void Look(TState state);
}

internal sealed class ReadRequest<TState, TResult>(Func<TState, TResult> read, CancellationToken cancellationToken)
    : ReadRequest<TState>(cancellationToken)
{
    private readonly TaskCompletionSource<TResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? seen;

    public Task<TResult> Answer => answer.Task;

    public override void Look(TState state) => seen = read(state);

    public override void Release() => answer.TrySetResult(seen!);

    public override void Fail(Exception exception) => answer.TrySetException(exception);
}

/// <summary>Nobody waits for it: it tells the writer to look about.</summary>
internal sealed class WakeUp<TState>() : Request<TState>(CancellationToken.None)
{
    public override void Release()
    {
    }

    public override void Fail(Exception exception)
    {
    }
}
