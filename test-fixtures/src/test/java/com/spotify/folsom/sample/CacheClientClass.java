package com.spotify.folsom.sample;

/** Stands for any class of folsom, which the fixtures' class path does not have. */
public class CacheClientClass {}
