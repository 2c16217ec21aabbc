/** What configuration is made of: how a setting is described, and how a reference to a secret is resolved. */
@NullMarked
package io.millrace.io.config;

import org.jspecify.annotations.NullMarked;
